import java.nio.file.*; import java.util.*; import java.io.*;
public class Mut {
  static class L extends ClassLoader { byte[] b; L(byte[] b) { super(Mut.class.getClassLoader()); this.b=b; } protected Class<?> loadClass(String n, boolean r) throws ClassNotFoundException { synchronized (this) { if (n.equals("Sample")) { Class<?> c = findLoadedClass(n); return c!=null? c : defineClass(n,b,0,b.length); } return super.loadClass(n,r);} } }
  static List<int[]> codes = new ArrayList<>();
  static int u2(byte[] b,int i){return (b[i]&255)<<8|b[i+1]&255;} static int u4(byte[] b,int i){return u2(b,i)<<16|u2(b,i+2);}
  static int attrs(byte[] b, int i, String[] utf, boolean code) { int n=u2(b,i); i+=2; for(int k=0;k<n;k++){ String nm=utf[u2(b,i)]; int len=u4(b,i+2); if(nm.equals("Code")){ int cl=u4(b,i+10); codes.add(new int[]{i+14,cl}); int e=i+14+cl; int el=u2(b,e); codes.add(new int[]{e+2,el*8}); attrs(b,e+2+8*el,utf,true);} if(nm.equals("StackMapTable")) codes.add(new int[]{i+6,len}); i+=6+len; } return i; }
  static void scan(byte[] b) { int i=8; int n=u2(b,i); i+=2; String[] utf=new String[n]; for(int k=1;k<n;k++){ int t=b[i]; switch(t){ case 1: int l=u2(b,i+1); utf[k]=new String(b,i+3,l); i+=3+l; break; case 3: case 4: case 9: case 10: case 11: case 12: case 17: case 18: i+=5; break; case 5: case 6: i+=9; k++; break; case 15: i+=4; break; default: i+=3; } }
    i+=6; int ic=u2(b,i); i+=2+2*ic; for (int m=0;m<2;m++) { int c=u2(b,i); i+=2; for(int k=0;k<c;k++) i=attrs(b,i+6,utf,false); } }
  public static void main(String[] a) throws Exception {
    byte[] orig = Files.readAllBytes(Paths.get(a[0])); scan(orig); Random r = new Random(Long.parseLong(a[1])); int n=Integer.parseInt(a[2]);
    PrintStream out = new PrintStream(new BufferedOutputStream(new FileOutputStream(a[3]))); 
    for (int i=0;i<n;i++) { byte[] b = orig.clone(); int[] c; do c = codes.get(r.nextInt(codes.size())); while (c[1]==0); int at=c[0]+r.nextInt(c[1]); b[at] = r.nextInt(3)==0 ? (byte)r.nextInt(256) : r.nextInt(2)==0 ? (byte)(b[at]+r.nextInt(5)-2) : (byte) (b[at] ^ (1<<r.nextInt(8)));
      String res; try { Class.forName("Sample", true, new L(b)); res="ok"; } catch (Throwable t) { res=t.toString(); }
      out.println("#"+i+" "+res.replaceAll("@[0-9a-f]{5,8}\\b", "@")); }
    out.close();
  }
}
