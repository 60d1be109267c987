package p; public interface HidI {}
