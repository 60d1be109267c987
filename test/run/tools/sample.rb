require 'set'
require 'json'
puts [1, 2, 3].map { |x| x * x }.inspect, { a: 1 }.to_json, "abc".gsub(/b/, "X"), 2**100, Set.new([1, 1, 2]).size
begin
  raise "told"
rescue => error
  puts error.message
end
