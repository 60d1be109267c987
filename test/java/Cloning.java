import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** clone of objects and arrays; the methods of Object; equality. */
public class Cloning {
    static class Sheep implements Cloneable {
        String name;
        int[] wool = {1, 2, 3};
        Sheep mother;
        final List<String> friends = new ArrayList<>();
        long age = 1L << 40;
        double weight = 2.5;

        Sheep(String name) {
            this.name = name;
            System.out.println("made " + name);
        }

        @Override
        public Sheep clone() {
            try {
                Sheep copy = (Sheep) super.clone();
                copy.wool = wool.clone();
                return copy;
            } catch (CloneNotSupportedException e) {
                throw new AssertionError(e);
            }
        }
    }

    static class Ram extends Sheep {
        int horns = 2;

        Ram(String name) {
            super(name);
        }
    }

    static class Unique {
        Object copy() throws CloneNotSupportedException {
            return clone();
        }
    }

    public static void main(String[] args) throws Exception {
        Sheep dolly = new Ram("Dolly");
        dolly.mother = dolly;
        dolly.friends.add("Polly");
        Sheep copy = dolly.clone();
        copy.name = "Copy";
        copy.wool[0] = 99;
        copy.friends.add("Molly");
        System.out.println(copy.getClass().getSimpleName() + " " + ((Ram) copy).horns + " " + dolly.name + " " + dolly.wool[0] + " " + dolly.friends + " " + (copy.mother == dolly) + " " + copy.age + " " + copy.weight);
        try {
            new Unique().copy();
        } catch (CloneNotSupportedException e) {
            System.out.println(e.getMessage());
        }
        int[] ints = {1, 2};
        int[][] grid = {{1}, {2, 3}, null};
        String[] words = {"a", null};
        boolean[] flags = {true};
        int[][] shallow = grid.clone();
        shallow[0][0] = 50;
        shallow[1] = new int[0];
        System.out.println(Arrays.toString(ints.clone()) + " " + Arrays.deepToString(grid) + " " + Arrays.toString(words.clone()) + " " + flags.clone()[0] + " " + (ints.clone() == ints) + " " + ints.clone().equals(ints)
                + " " + words.clone().getClass().getSimpleName() + " " + new long[0].clone().length + " " + new double[] {1.5}.clone()[0]);
        Object[] objects = words;
        System.out.println(objects.clone() instanceof String[]);
        ArrayList<Integer> list = new ArrayList<>(List.of(1, 2, 3));
        @SuppressWarnings("unchecked")
        ArrayList<Integer> same = (ArrayList<Integer>) list.clone();
        same.add(4);
        System.out.println(list + " " + same + " " + new java.util.HashMap<>(java.util.Map.of(1, 2)).clone() + " " + new java.util.BitSet().clone() + " " + new java.util.Date(5).clone().equals(new java.util.Date(5)));
        Object o = new Object();
        System.out.println(o.equals(o) + " " + o.equals(new Object()) + " " + o.equals(null) + " " + o.getClass() + " " + (o.hashCode() == o.hashCode()) + " " + o.toString().startsWith("java.lang.Object@"));
        Sheep[] flock = new Sheep[300];
        for (int i = 0; i < flock.length; i++) {
            flock[i] = i == 0 ? dolly : flock[i - 1].clone();
            flock[i].wool[1] += i;
        }
        System.gc();
        System.out.println(flock[299].wool[1] + " " + flock[0].wool[1] + " " + flock[299].mother.name + " " + flock[150].friends.size());
    }
}
