import java.rmi.NotBoundException;
import java.rmi.Remote;
import java.rmi.RemoteException;
import java.rmi.registry.LocateRegistry;
import java.rmi.registry.Registry;
import java.rmi.server.UnicastRemoteObject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** RMI within one process: a registry, objects exported over sockets, arguments that are copied, exceptions of the other side. */
public class RemoteCalls {
    interface Listener extends Remote {
        void heard(String what) throws RemoteException;
    }

    interface Service extends Remote {
        List<String> repeat(String text, int times) throws RemoteException;

        void tell(Listener listener, int[] numbers) throws RemoteException;
    }

    static class Local implements Service {
        public List<String> repeat(String text, int times) {
            if (times < 0)
                throw new IllegalArgumentException("times: " + times);
            List<String> all = new ArrayList<>();
            for (int i = 0; i < times; i++)
                all.add(text + i);
            return all;
        }

        public void tell(Listener listener, int[] numbers) throws RemoteException {
            numbers[0] = -1; // of a copy
            listener.heard(Arrays.toString(numbers));
        }
    }

    static class Ear implements Listener {
        public void heard(String what) {
            System.out.println("heard " + what);
        }
    }

    public static void main(String[] arguments) throws Exception {
        System.setProperty("java.rmi.server.hostname", "127.0.0.1");
        Registry registry = LocateRegistry.createRegistry(0);
        Local local = new Local();
        Ear ear = new Ear();
        Service stub = (Service) UnicastRemoteObject.exportObject(local, 0);
        registry.rebind("service", stub);
        Service found = (Service) registry.lookup("service");
        Listener listener = (Listener) UnicastRemoteObject.exportObject(ear, 0);
        int[] numbers = {1, 2};
        System.out.println(Arrays.toString(registry.list()) + " " + found.equals(stub) + " " + found.repeat("x", 3));
        found.tell(listener, numbers);
        System.out.println(Arrays.toString(numbers));
        try {
            found.repeat("x", -1);
        } catch (IllegalArgumentException e) {
            System.out.println(e);
        }
        try {
            registry.lookup("nothing");
        } catch (NotBoundException e) {
            System.out.println(e);
        }
        UnicastRemoteObject.unexportObject(ear, true);
        UnicastRemoteObject.unexportObject(local, true);
        try {
            found.repeat("x", 1);
        } catch (RemoteException e) {
            System.out.println(e);
        }
        UnicastRemoteObject.unexportObject(registry, true);
    }
}
