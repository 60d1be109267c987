package p; public class Pub { public void pk(){} public void pr(){} protected void prot(){} }
