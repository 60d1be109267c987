import java.util.*;
public class Sample extends p.Base implements Comparable<Sample> {
  int a; long b; double d; String s; final int[] arr; static float sf; Object[] objs; byte[] bytes = new byte[3]; boolean[] bools; char[] chars; long[][] ll;
  Sample(int x, long y) { super(x > 3 ? "a" : "b"); arr = new int[x]; a = x; b = y; try { s = String.valueOf(y); } catch (RuntimeException e) { s = e.getMessage(); } }
  Sample() { this(1, 2L); d = 3.5; }
  public int compareTo(Sample o) { return a < o.a ? -1 : a == o.a ? 0 : 1; }
  int loop(int n, String t) { int sum = 0; for (int i = 0; i < n; i++) { if ((i & 1) == 0) sum += i * 3; else sum -= t.length(); long q = sum; sum = (int) (q ^ (q >>> 3)); } return sum; }
  static Object sw(int k, Object o) { switch (k) { case 1: return o; case 2: return new Sample(); case 3: return new int[k]; case 100: o = null; break; case 1000: throw new IllegalStateException("x" + k); } synchronized (Sample.class) { if (o instanceof String) return ((String) o).trim(); } return o; }
  double arith(float f, double g, int i) { double r = f * g - i; while (r > 1e3) { r /= 2; i++; f += 1; } sf = f; return r % 3 + i + (long) r; }
  void arrays() { for (int i = 0; i < arr.length; i++) { arr[i] = i; bytes[i % 3] += arr[i]; } objs = new Object[] { this, s, null }; ll = new long[2][3]; ll[1][2] = 5; bools = new boolean[] { true, objs[0] == null }; chars = s.toCharArray(); chars[0]++; }
  int tries(String p) { int r = 0; try { r = Integer.parseInt(p); prot(r); } catch (NumberFormatException | NullPointerException e) { r = e.hashCode(); } finally { a += r; } return r; }
  Runnable lam(int z) { return () -> System.out.println(z + a + s); }
  static <T extends Comparable<T>> T max(List<T> l) { T best = null; for (T t : l) if (best == null || t.compareTo(best) > 0) best = t; return best; }
  long mix(long l, int sh) { Base2 x = new Base2(); x.v = prot(3) + super.prot(4); return (l << sh) | (l >>> 2) & ~l; }
  class Base2 { int v; }
}
