static gboolean
twisted (int a)
{
  if (a == 0)
    return TRUE;
  if (a == 1)
    return TRUE;
  if (a == 2)
    return TRUE;
  if (a == 3)
    return TRUE;
  if (a == 4)
    return TRUE;
  if (a == 5)
    return TRUE;
  if (a == 6)
    return TRUE;
  if (a == 7)
    return TRUE;
  if (a == 8)
    return TRUE;
  if (a == 9)
    return TRUE;
  if (a == 10)
    return TRUE;
  if (a == 11)
    return TRUE;
  if (a == 12)
    return TRUE;
  if (a == 13)
    return TRUE;
  if (a == 14)
    return TRUE;
  return FALSE;
}
