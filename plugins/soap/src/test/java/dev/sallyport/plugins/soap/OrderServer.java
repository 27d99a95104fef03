package dev.sallyport.plugins.soap;

import jakarta.jws.WebService;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.cxf.binding.soap.SoapBindingConfiguration;
import org.apache.cxf.endpoint.Server;
import org.apache.cxf.jaxws.JaxWsProxyFactoryBean;
import org.apache.cxf.jaxws.JaxWsServerFactoryBean;

/** The service of orders, by Apache CXF on a port of its own. */
final class OrderServer implements AutoCloseable {

    private final String address;
    private final Server server;
    private final Service service = new Service();

    private OrderServer(boolean soap12) {
        address = "http://127.0.0.1:" + freePort() + "/services/orders";
        JaxWsServerFactoryBean factory = new JaxWsServerFactoryBean();
        factory.setServiceClass(Orders.class);
        factory.setServiceBean(service);
        factory.setAddress(address);
        if (soap12) {
            SoapBindingConfiguration binding = new SoapBindingConfiguration();
            binding.setVersion(org.apache.cxf.binding.soap.Soap12.getInstance());
            factory.setBindingConfig(binding);
        }
        server = factory.create();
    }

    static OrderServer start() {
        return new OrderServer(false);
    }

    static OrderServer startWithSoap12() {
        return new OrderServer(true);
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where it is, as the target of an upstream. */
    String target() {
        return address.substring(0, address.indexOf("/services"));
    }

    /** Its WSDL, as CXF makes it. */
    String wsdl() {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                            HttpRequest.newBuilder(URI.create(address + "?wsdl"))
                                    .build(),
                            BodyHandlers.ofString())
                    .body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What it was told, in order. */
    List<String> told() {
        return service.told;
    }

    /** A client of such a service, by CXF. */
    static Orders client(String address) {
        JaxWsProxyFactoryBean factory = new JaxWsProxyFactoryBean();
        factory.setServiceClass(Orders.class);
        factory.setAddress(address);
        return (Orders) factory.create();
    }

    @Override
    public void close() {
        server.destroy();
    }

    static Orders.Order order(String id) {
        Orders.Express order = new Orders.Express();
        order.id = id;
        order.customer = "Ünïcode & Söhne";
        order.total = new BigDecimal("1.10");
        order.hours = 4;
        Orders.Line line = new Orders.Line();
        line.sku = "AB-1";
        line.amount = 2;
        order.line.add(line);
        return order;
    }

    @WebService(
            serviceName = "OrderService",
            portName = "OrdersPort",
            targetNamespace = Orders.NAMESPACE,
            endpointInterface = "dev.sallyport.plugins.soap.Orders")
    static final class Service implements Orders {

        private final List<String> told = new CopyOnWriteArrayList<>();

        @Override
        public Order getOrder(String id) throws OrderMissing {
            if (id.equals("crash")) {
                throw new IllegalStateException("out of order");
            }
            if (!id.equals("42")) {
                Missing missing = new Missing();
                missing.id = id;
                throw new OrderMissing("no such order", missing);
            }
            return order(id);
        }

        @Override
        public List<Order> findOrders(String customer, int limit) {
            List<Order> orders = new ArrayList<>();
            for (int i = 1; i <= limit; i++) {
                Order order = new Order();
                order.id = Integer.toString(i);
                order.customer = customer;
                order.note = "n" + i;
                orders.add(order);
            }
            return orders;
        }

        @Override
        public String placeOrder(Order order, String session) {
            told.add(session + " " + order.getClass().getSimpleName() + " " + order.id + " " + order.total + " "
                    + order.note + " " + order.line.size());
            return "43";
        }

        @Override
        public void touch(String id) {
            told.add("touched " + id);
        }
    }
}
