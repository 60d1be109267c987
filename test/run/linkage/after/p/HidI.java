package p; interface HidI {}
