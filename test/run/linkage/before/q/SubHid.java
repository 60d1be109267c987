package q; public class SubHid extends p.Hid {}
