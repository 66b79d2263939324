static void
deep (void)
{
  while (a)
    {
    while (a)
      {
      while (a)
        {
        while (a)
          {
          while (a)
            {
  }}}}}
}
