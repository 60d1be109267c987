class A { static int goneStatic; int gone; static void goneM(int a, String b, int[][] c) {} void goneI(){} A(int i){} A(){} static void nowInstance(){} void nowStatic(){} static int fNowInst; int fNowStatic; void nowPrivate(){} static void nowPrivateS(){} int fNowPrivate; int fNowFinal; static int sNowFinal; }
class CtorBase { CtorBase(){} CtorBase(int i){} private CtorBase(String s){} }
class Ctor extends CtorBase { Ctor(int i){} Ctor(String s){} }
class Gone { static void m(){} }
interface GoneI { void m(); }
interface Taker { Object take(GoneI2 i); }
interface GoneI2 { void m(); }
class GoneUse { void lambda() { GoneI r = () -> {}; r.m(); } static Object f(Taker t) { return t; } void another() { f(i -> i); } }
class CI { void m(){} }
class CImpl { static CI make(){ return null; } }
interface IC { void m(); }
class ICImpl implements IC { public void m(){} static IC make() { return new ICImpl(); } }
interface IS { static void s(){} }
class NowAbstract {}
interface MI { void a(); void b(); }
abstract class MI0 {} class MImpl implements MI { public void a(){} public void b(){} }
abstract class MAbs { void a(){} void b(){} }
class MAbsImpl extends MAbs { }
interface D1 { default void m(){} } interface D2 { }
class D implements D1, D2 {}
class FinalBase {} class SubFinal extends FinalBase {}
class FinalMBase { void m(int x){} } class SubFinalM extends FinalMBase { void m(int x){} }
class IfBase {} class SubIface extends IfBase {}
interface ClassBase {} class ImplClass implements ClassBase {}
class SealedBase {} class SealedSub extends SealedBase {}
interface SealedIf {} class SealedIfSub implements SealedIf {}
class CircB {} class Circ extends CircB {}
class Init { static int x; static { if (true) throw new IllegalStateException("bad init"); } }
class InitE { static int x; static { if (true) throw new LinkageError("bad error"); } }
class InitSup { static int z; static { if (true) throw new ArithmeticException(); } }
class InitSub extends InitSup { static int y; static { y = 3; } }
interface InitI { int q = fail(); static int fail() { throw new RuntimeException("iface"); } default void d(){} }
class InitIf implements InitI {}
class InitNull { static int x; static { if (true) throw new NullPointerException(); } }
class Wrong {}
interface PI { void q(); }
class PImpl implements PI { public void q(){} }
class Sup { void m(){} } class SupSub extends Sup { void go() { super.m(); } }
class Nest { void go() { new In().f(); } static class In { private void f(){} } }
class Mod { static Object m() { return new Object(); } static Object n() { return null; } }
enum E { X, Y } class EnumUse { static int m() { switch (E.Y) { case X: return 1; default: return 2; } } }
class NewVer {} class BadMagic {} class Trunc {}
abstract class AS0 { void m(){} } class AbsSuper extends AS0 { void go(){ super.m(); } void m(){} }
