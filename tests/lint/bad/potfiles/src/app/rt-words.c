static const char *words = _ ("Words");
