# The Java part of the machine: package coracle in module java.base, compiled against the installed JDK 17.
JAVA_LIBRARY_SOURCES := $(shell find lib/java lib/train -name '*.java' -o -type d)
JDK_HOME ?= $(firstword $(foreach home,$(JAVA_HOME) $(wildcard /usr/lib/jvm/java-17-openjdk-*),$(if $(wildcard $(home)/bin/javac),$(home))))

# In this locale they find their files in folders of any name.
JDK_TOOLS = LC_ALL=C.UTF-8 $(JDK_HOME)/bin

.PHONY: java-library
java-library: $(BUILD)/lib/java/.built
all: java-library

# What java.image is trained with (lib/train) comes along, as classes and as a jar.
# Concatenation is inlined and nothing else goes through invokedynamic: these classes run before java.lang.invoke does.
$(BUILD)/lib/java/.built: $(JAVA_LIBRARY_SOURCES) lib/java/build.mk
	@rm -rf $(BUILD)/lib/java.new
	@mkdir -p $(BUILD)/lib/java.new
	@find lib/java -name '*.java' > $(BUILD)/lib/java-sources
	$(JDK_TOOLS)/javac -g -nowarn -XDstringConcat=inline -XDignore.symbol.file --patch-module java.base=lib/java \
		-Xlint:-options -proc:none -d $(BUILD)/lib/java.new @$(BUILD)/lib/java-sources
	@$(JDK_TOOLS)/javac -nowarn -proc:none -d $(BUILD)/lib/java.new/train lib/train/*.java
	@$(JDK_TOOLS)/jar --create --file $(BUILD)/lib/java.new/train/sample.jar --main-class Sample -C $(BUILD)/lib/java.new/train .
	@$(JDK_TOOLS)/jar --create --file $(BUILD)/lib/java.new/train/hello.jar --main-class Hello -C $(BUILD)/lib/java.new/train Hello.class
	@printf 'What a sample reads.\nTwo lines: here is the second.\n' > $(BUILD)/lib/java.new/train/text
	@touch $(BUILD)/lib/java.new/.built
	@rm -rf $(BUILD)/lib/java
	@mv $(BUILD)/lib/java.new $(BUILD)/lib/java
