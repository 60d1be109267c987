package p; public class Hid {}
