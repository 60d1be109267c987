import java.io.ByteArrayInputStream;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.ConsoleHandler;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.SAXParserFactory;
import javax.xml.transform.OutputKeys;
import javax.xml.transform.Transformer;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import javax.xml.xpath.XPathFactory;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.Attributes;
import org.xml.sax.InputSource;
import org.xml.sax.SAXParseException;
import org.xml.sax.helpers.DefaultHandler;

/** Modules beside java.base: logging, XML, SQL's dates; the module objects themselves. */
public class OtherModules {
    static final String XML = "<?xml version='1.0'?>\n<fleet port=\"Bala\"><!-- small --><craft id='1'>Taf &amp; <b>Teifi</b></craft><craft id='2'/><![CDATA[<raw>]]></fleet>";

    public static void main(String[] args) throws Exception {
        Logger logger = Logger.getLogger("boats.small");
        logger.setUseParentHandlers(false);
        Handler handler = new ConsoleHandler();
        handler.setFormatter(new Formatter() {
            @Override
            public String format(LogRecord record) {
                return record.getLevel() + " " + record.getLoggerName() + " " + record.getSourceMethodName() + " " + formatMessage(record) + "\n";
            }
        });
        logger.addHandler(handler);
        logger.log(Level.WARNING, "{0} of {1}", new Object[] {1, "two"});
        logger.fine("not shown");
        logger.setLevel(Level.FINE);
        handler.setLevel(Level.ALL);
        logger.fine(() -> "made when wanted");
        System.out.println(logger.getParent().getName().isEmpty() + " " + logger.isLoggable(Level.FINER));

        Document document = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new ByteArrayInputStream(XML.getBytes(StandardCharsets.UTF_8)));
        Element root = document.getDocumentElement();
        NodeList crafts = root.getElementsByTagName("craft");
        System.out.println(root.getTagName() + " " + root.getAttribute("port") + " " + crafts.getLength() + " " + crafts.item(0).getTextContent() + " " + root.getLastChild().getNodeValue());
        System.out.println(XPathFactory.newInstance().newXPath().evaluate("count(//craft[@id > 1]) + string-length(/fleet/@port)", document));
        root.appendChild(document.createElement("new")).setTextContent("a < b");
        Transformer transformer = TransformerFactory.newInstance().newTransformer();
        transformer.setOutputProperty(OutputKeys.OMIT_XML_DECLARATION, "yes");
        StringWriter text = new StringWriter();
        transformer.transform(new DOMSource(document), new StreamResult(text));
        System.out.println(text);
        List<String> events = new ArrayList<>();
        SAXParserFactory.newInstance().newSAXParser().parse(new InputSource(new StringReader(XML)), new DefaultHandler() {
            @Override
            public void startElement(String uri, String localName, String name, Attributes attributes) {
                events.add("<" + name + attributes.getLength());
            }

            @Override
            public void endElement(String uri, String localName, String name) {
                events.add(name + ">");
            }
        });
        System.out.println(events);
        try {
            SAXParserFactory.newInstance().newSAXParser().parse(new InputSource(new StringReader("<a><b></a>")), new DefaultHandler());
        } catch (SAXParseException e) {
            System.out.println(e.getLineNumber() + ":" + e.getColumnNumber() + " " + e.getMessage());
        }
        System.out.println(java.sql.Date.valueOf("2024-02-29") + " " + java.sql.Timestamp.valueOf("2024-02-29 01:02:03.5"));
        Module base = String.class.getModule(), own = OtherModules.class.getModule(), logging = Logger.class.getModule();
        System.out.println(base.getName() + " " + own.getName() + " " + logging + " " + own.canRead(base) + " " + base.isExported("jdk.internal.misc") + " " + base.isExported("java.util") + " " + base.isOpen("java.lang", own) + " "
                + logging.getDescriptor().requires().size() + " " + ModuleLayer.boot().findModule("java.xml").isPresent() + " " + logging.getClassLoader() + " " + base.getLayer().equals(ModuleLayer.boot()) + " " + logging.getDescriptor().isOpen());
    }
}
