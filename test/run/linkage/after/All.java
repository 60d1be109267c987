class A { A(){} void nowInstance(){} static void nowStatic(){} int fNowInst; static int fNowStatic; private void nowPrivate(){} private static void nowPrivateS(){} private int fNowPrivate; final int fNowFinal=1; static final int sNowFinal=new Integer(3); }
class CtorBase { CtorBase(){} CtorBase(int i){} private CtorBase(String s){} }
class Ctor extends CtorBase { Ctor(){} }
interface CI { void m(); }
class CImpl implements CI { public void m(){} static CI make(){ return new CImpl(); } }
class IC { void m(){} }
class ICImpl extends IC { static IC make() { return new ICImpl(); } }
class IS { static void s(){} }
abstract class NowAbstract {}
abstract class MImplX {}
class MImpl implements MIx { public void a(){} }
interface MIx { void a(); }
abstract class MAbs { void a(){} abstract void b(); }
interface D2 { default void m(){} }
final class FinalBase {}
class FinalMBase { final void m(int x){} }
interface IfBase {}
class ClassBase {}
sealed class SealedBase permits SealedO {} final class SealedO extends SealedBase {}
sealed interface SealedIf permits SealedP {} final class SealedP implements SealedIf {}
class CircB extends Circ {} class Circ {}
class Sup { }
class Nest { static class In { private void f(){} } }
enum E { Y }
abstract class AS0 { abstract void m(); }
