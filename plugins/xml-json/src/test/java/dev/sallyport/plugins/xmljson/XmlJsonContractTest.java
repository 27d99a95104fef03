package dev.sallyport.plugins.xmljson;

import dev.sallyport.api.Filter;
import dev.sallyport.plugins.xmljson.XmlJsonConfig.Mixed;
import dev.sallyport.plugins.xmljson.XmlJsonConfig.Way;
import dev.sallyport.testkit.FakeContext;
import dev.sallyport.testkit.FilterContract;

final class XmlJsonContractTest extends FilterContract {

    @Override
    protected Filter create(FakeContext context) {
        return context.create(
                new XmlJsonFactory(), XmlJsonFilterTest.config(Way.JSON_TO_XML, Way.XML_TO_JSON, Mixed.REFUSE, false));
    }
}
