package dev.sallyport.plugins.soap;

import jakarta.jws.Oneway;
import jakarta.jws.WebMethod;
import jakarta.jws.WebParam;
import jakarta.jws.WebResult;
import jakarta.jws.WebService;
import jakarta.xml.bind.annotation.XmlAccessType;
import jakarta.xml.bind.annotation.XmlAccessorType;
import jakarta.xml.bind.annotation.XmlAttribute;
import jakarta.xml.bind.annotation.XmlElement;
import jakarta.xml.bind.annotation.XmlSeeAlso;
import jakarta.xml.ws.WebFault;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A service of orders, as CXF serves it and calls it. */
@WebService(name = "Orders", targetNamespace = Orders.NAMESPACE)
public interface Orders {

    String NAMESPACE = "urn:example:orders";

    @WebMethod
    @WebResult(name = "order")
    Order getOrder(@WebParam(name = "id") String id) throws OrderMissing;

    @WebMethod
    @WebResult(name = "order")
    List<Order> findOrders(@WebParam(name = "customer") String customer, @WebParam(name = "limit") int limit);

    @WebMethod
    @WebResult(name = "id")
    String placeOrder(@WebParam(name = "order") Order order, @WebParam(name = "session", header = true) String session);

    @WebMethod
    @Oneway
    void touch(@WebParam(name = "id") String id);

    /** An order. */
    @XmlAccessorType(XmlAccessType.FIELD)
    @XmlSeeAlso(Express.class)
    class Order {
        @XmlAttribute(required = true)
        public String id = "";

        @XmlElement(required = true)
        public String customer = "";

        @XmlElement(nillable = true, required = true)
        public @Nullable String note;

        public boolean paid;

        public @Nullable BigDecimal total;

        public List<Line> line = new ArrayList<>();
    }

    /** An order that is sent fast. */
    @XmlAccessorType(XmlAccessType.FIELD)
    class Express extends Order {
        public int hours;
    }

    /** A line of one. */
    @XmlAccessorType(XmlAccessType.FIELD)
    class Line {
        @XmlElement(required = true)
        public String sku = "";

        public int amount;
    }

    /** Why one is not there. */
    @XmlAccessorType(XmlAccessType.FIELD)
    class Missing {
        @XmlElement(required = true)
        public String id = "";
    }

    /** An order is not there. */
    @WebFault(name = "orderMissing", targetNamespace = NAMESPACE)
    class OrderMissing extends Exception {

        private static final long serialVersionUID = 1;

        private final transient Missing missing;

        public OrderMissing(String message, Missing missing) {
            super(message);
            this.missing = missing;
        }

        public OrderMissing(String message, Missing missing, Throwable cause) {
            super(message, cause);
            this.missing = missing;
        }

        public Missing getFaultInfo() {
            return missing;
        }
    }
}
