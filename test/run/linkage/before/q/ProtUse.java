package q; public class ProtUse extends p.Pub { public void m() { prot(); } }
