package p; class Hid {}
