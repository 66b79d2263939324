static void
slow (void)
{
  g_usleep (1000);
}
