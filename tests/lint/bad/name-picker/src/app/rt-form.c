static GtkFileChooserNative *native;
