public class Main {
  interface T { void run() throws Throwable; }
  static void t(String n, T r) { try { r.run(); System.out.println(n+": ok"); } catch (Throwable e) { System.out.println(n+": "+e); Throwable c=e.getCause(); while(c!=null){System.out.println("   caused by "+c); c=c.getCause();} } }
  public static void main(String[] a) {
    t("gone field", () -> System.out.println(A.goneStatic));
    t("gone field2", () -> System.out.println(A.goneStatic));
    t("gone ifield", () -> System.out.println(new A().gone));
    t("gone method", () -> A.goneM(1, "x", null));
    t("gone imethod", () -> new A().goneI());
    t("gone ctor", () -> new A(3));
    t("ctor only of superclass", () -> new Ctor(3));
    t("ctor only of superclass, private", () -> new Ctor("x"));
    t("static->inst", () -> A.nowInstance());
    t("inst->static", () -> new A().nowStatic());
    t("field static->inst", () -> System.out.println(A.fNowInst));
    t("field inst->static", () -> System.out.println(new A().fNowStatic));
    t("private method", () -> new A().nowPrivate());
    t("private static", () -> A.nowPrivateS());
    t("private field", () -> System.out.println(new A().fNowPrivate));
    t("final field", () -> new A().fNowFinal = 3);
    t("final sfield", () -> A.sNowFinal = 3);
    t("gone class", () -> new Gone());
    t("gone class2", () -> new Gone());
    t("gone class static", () -> Gone.m());
    t("gone array", () -> System.out.println(new Gone[2]));
    t("gone cast", () -> { Object o = "x"; System.out.println((Gone) o); });
    t("gone cast null", () -> { Object o = null; System.out.println((Gone) o); });
    t("gone instanceof", () -> { Object o = "x"; System.out.println(o instanceof Gone); });
    t("gone class lit", () -> System.out.println(Gone.class));
    for (int i = 0; i < 3; i++) {
      t("gone class, referred to, " + i, () -> { Runnable r = Gone::m; r.run(); });
      t("gone interface of a lambda, " + i, () -> { GoneI r = () -> {}; r.m(); });
      t("gone interface of a lambda, in another class, " + i, () -> new GoneUse().lambda());
      t("gone interface, method of a lambda's interface, " + i, () -> new GoneUse().another());
    }
    t("class->interface virtual", () -> { CI c = CImpl.make(); c.m(); });
    t("interface->class", () -> { IC c = ICImpl.make(); c.m(); });
    t("iface static", () -> IS.s());
    t("now abstract", () -> new NowAbstract());
    t("pkg private", () -> new p.Hid());
    t("pkg private m", () -> new p.Pub().pk());
    t("pkg prot m", () -> new p.Pub().pr());
    t("missing impl", () -> { MI m = new MImpl(); m.b(); });
    t("missing absimpl", () -> { MAbs m = new MAbsImpl(); m.b(); });
    t("conflict", () -> { D d = new D(); d.m(); });
    t("conflict iface", () -> { D1 d = new D(); d.m(); });
    t("final super", () -> new SubFinal());
    t("final super2", () -> new SubFinal());
    t("final method", () -> new SubFinalM());
    t("super iface", () -> new SubIface());
    t("impl class", () -> new ImplClass());
    t("sealed", () -> new SealedSub());
    t("sealed if", () -> new SealedIfSub());
    t("circular", () -> new Circ());
    t("init fails", () -> System.out.println(Init.x));
    t("init fails2", () -> System.out.println(Init.x));
    t("init error", () -> System.out.println(InitE.x));
    t("init error2", () -> System.out.println(InitE.x));
    t("init sub", () -> System.out.println(InitSub.y));
    t("init sub2", () -> System.out.println(InitSub.y));
    t("init iface", () -> new InitIf());
    t("init msg", () -> System.out.println(InitNull.x));
    t("init msg2", () -> System.out.println(InitNull.x));
    t("forName gone", () -> Class.forName("NoSuch"));
    t("forName gone pkg", () -> Class.forName("a.b.NoSuch"));
    t("forName array", () -> System.out.println(Class.forName("[[LMain;")));
    t("forName bad", () -> Class.forName("[V"));
    t("forName bad2", () -> Class.forName("a/b"));
    t("cce", () -> { Object o = new Main(); System.out.println((String) o); });
    t("cce2", () -> { Object o = new int[0]; System.out.println((p.Pub[]) o); });
    t("ase", () -> { Object[] o = new String[1]; o[0] = 1; });
    t("wrong name", () -> new Wrong());
    t("intf priv", () -> { PI x = new PImpl(); x.q(); });
    t("super gone", () -> new SupSub().go());
    t("dup", () -> {});
    t("access superclass", () -> new q.SubHid());
    t("access superif", () -> new q.ImplHid());
    t("nest gone", () -> new Nest().go());
    t("modules", () -> System.out.println(Mod.m()));
    t("modules2", () -> System.out.println(Mod.n()));
    t("enum switch", () -> System.out.println(EnumUse.m()));
    t("class file version", () -> new NewVer());
    t("bad magic", () -> new BadMagic());
    t("truncated", () -> new Trunc());
    t("protected", () -> new q.ProtUse().m());
    t("reflect abstract", () -> NowAbstract.class.getDeclaredConstructor().newInstance());
    t("AbstractMethodError super", () -> new AbsSuper().go());
  }
}
