package p; public class Pub { void pk(){} protected void pr(){} private void prot(){} }
