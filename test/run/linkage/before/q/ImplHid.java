package q; public class ImplHid implements p.HidI {}
