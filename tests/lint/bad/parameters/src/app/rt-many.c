static void
many (int a, int b, int c,
      int (*d) (int, int), int e, int f, int g)
{
}
