#pragma once

/* What it says is secret. */
const char *rt_mute_say (void);
