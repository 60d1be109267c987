package p; public class Base { protected int pf; protected Base(String s) {} protected int prot(int x) { return pf + x; } }
