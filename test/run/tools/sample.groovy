def numbers = [a: 1, b: 2]
println numbers.collect { key, value -> "$key=$value" }.join(',')
println((1..10).inject { a, b -> a * b })
class Point { String name; int x }
println new Point(name: 'p', x: 3).properties.findAll { it.key != 'class' }.sort()
println "abc".reverse().toUpperCase()
