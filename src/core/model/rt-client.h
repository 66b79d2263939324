#pragma once

#include "rt-draft.h"
#include "rt-plan.h"
#include "rt-term.h"

G_BEGIN_DECLS

/**
 * RtClient:
 * @id: (not nullable): local ULID, stable for life
 * @stripe_id: (nullable): %NULL until Stripe has it and has chosen one
 * @email: (nullable): as typed: Stripe keeps the case
 * @country: (nullable): ISO 3166-1 alpha-2; whatever Stripe has, if it was set elsewhere
 * @notes: (nullable): lines for the agency, which the client does not see
 * @created_at: Unix seconds, UTC
 *
 * A client: a customer of Stripe (API-GUIDE §8). Never changed once made.
 */
typedef struct
{
  char *id;
  char *stripe_id;
  RtState state;
  char *name;
  char *email;
  char *country;
  char *postal_code; /* (nullable) */
  char *notes;
  gboolean is_archived;
  gboolean is_outside;
  gint64 created_at;
} RtClient;

/**
 * rt_client_new:
 *
 * Returns: (transfer full): an empty client, to be filled before anyone else sees it
 */
RtClient *rt_client_new (void);
RtClient *rt_client_ref (RtClient *client);
void rt_client_unref (RtClient *client);

/**
 * rt_client_from_draft:
 * @before: (nullable): the client that is edited; %NULL for a new one
 * @problems: (element-type GError): gets one error for each field at fault
 *
 * Judges what a person typed.
 *
 * Returns: (transfer full) (nullable): the client as it shall be, %NULL if there is any problem
 */
RtClient *rt_client_from_draft (const RtDraft *draft, const RtClient *before, GPtrArray *problems);

/**
 * rt_client_to_draft:
 *
 * Returns: (transfer full): the texts of a form that edits @client
 */
RtDraft *rt_client_to_draft (const RtClient *client, RtNumberStyle style);

/**
 * rt_client_to_json:
 *
 * Returns: (transfer full): the object JSON of CLI.md
 */
JsonObject *rt_client_to_json (const RtClient *client);

/**
 * rt_client_from_json:
 *
 * Returns: (transfer full): a client from what rt_client_to_json() wrote
 */
RtClient *rt_client_from_json (JsonObject *object);

/**
 * rt_client_to_sentence:
 *
 * Returns: (transfer full): how the client is reached: "anna@example.com · 10115 · Germany"
 */
char *rt_client_to_sentence (const RtClient *client);

/**
 * rt_client_from_stripe:
 *
 * Reads a customer of Stripe (API-GUIDE §8, §16). Its id is left empty: the store knows it. One
 * without a name is called by its e-mail address or its id.
 *
 * Returns: (transfer full): the client as Stripe has it, state synced or archived
 */
RtClient *rt_client_from_stripe (JsonObject *customer);

/**
 * rt_client_is_outdated:
 * @customer: what Stripe has
 * @fields: what the person sets
 * @body: of a request that was planned before
 *
 * Returns: whether it would put back what the person did not set of the address
 */
gboolean rt_client_is_outdated (JsonObject *customer, JsonObject *fields, const char *body);

/**
 * rt_client_plan:
 * @desired: what the person wants, with its id
 * @customer: (nullable): what Stripe has
 *
 * Plans at most one request: a creation that carries the local id in its metadata, or the fields
 * that differ. An address is replaced as a whole at Stripe: what it has besides country and postal
 * code is sent back with them.
 *
 * Returns: (transfer full) (element-type RtPlanStep): what is still to be sent, perhaps nothing
 */
GPtrArray *rt_client_plan (const RtClient *desired, JsonObject *customer);

/**
 * rt_client_field_of:
 * @param: (nullable): the parameter that Stripe's error names
 *
 * Returns: (nullable) (transfer none): the form field that parameter came from
 */
const char *rt_client_field_of (const char *param);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtClient, rt_client_unref)

G_END_DECLS
