package dev.sallyport.plugins.xmljson;

import dev.sallyport.api.Filter;
import dev.sallyport.api.FilterContext;
import dev.sallyport.api.FilterFactory;
import dev.sallyport.api.Type;
import dev.sallyport.api.config.Doc;

/** Makes the steps of type {@code xml-json}. */
@Doc("Turns bodies of XML into JSON, and of JSON into XML, by a convention.")
@Type(value = "xml-json", replayable = true)
public final class XmlJsonFactory implements FilterFactory<XmlJsonConfig> {

    @Override
    public Filter create(XmlJsonConfig config, FilterContext context) {
        return new XmlJsonFilter(config, context);
    }
}
