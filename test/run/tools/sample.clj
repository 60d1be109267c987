(println (reduce + (map #(* % %) (range 1000))) (str (java.util.Date. 0)) (pr-str {:a 1}))
(defrecord Point [x])
(println (map :x [(->Point 1) (->Point 2)]) (try (/ 1 0) (catch ArithmeticException e (.getMessage e))))
