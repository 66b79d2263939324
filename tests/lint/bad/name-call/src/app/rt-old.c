static void
show (GtkWidget *widget)
{
  gtk_widget_show (widget);
}
