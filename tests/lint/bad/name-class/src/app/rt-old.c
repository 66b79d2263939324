static GtkWidget *
new_dialog (void)
{
  return gtk_message_dialog_new (NULL, 0, 0, 0, NULL);
}
