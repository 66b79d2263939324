static double price;
