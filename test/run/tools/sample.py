import json
import os
import re
import java.util.ArrayList

class Point(object):
    def __init__(self, x):
        self.x = x
    def __repr__(self):
        return "Point(%d)" % self.x

print(json.dumps({"a": [1, 2, 3]}, sort_keys=True))
print(re.sub("b+", "X", "abbbc"))
print(sorted(set(range(10)), reverse=True)[:3], 2 ** 100, [Point(i) for i in range(2)])
try:
    1 / 0
except ZeroDivisionError as error:
    print(error)
names = java.util.ArrayList()
names.add("added")
print(names, os.path.basename("/a/b"))
