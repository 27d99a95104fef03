package dev.sallyport.plugins.soap;

import dev.sallyport.xml.Value;
import dev.sallyport.xml.Value.Arr;
import dev.sallyport.xml.Value.Bool;
import dev.sallyport.xml.Value.Nil;
import dev.sallyport.xml.Value.Num;
import dev.sallyport.xml.Value.Obj;
import dev.sallyport.xml.Value.Text;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Values as maps, lists, texts, numbers and booleans, and the other way. */
final class Plain {

    private Plain() {}

    /** A value as such. */
    static @Nullable Object of(Value value) {
        return switch (value) {
            case Obj object -> map(object);
            case Arr array -> {
                List<@Nullable Object> list = new ArrayList<>();
                array.items().forEach(item -> list.add(of(item)));
                yield list;
            }
            case Text text -> text.text();
            case Num number -> new BigDecimal(number.text());
            case Bool bool -> bool.is();
            case Nil _ -> null;
        };
    }

    /** An object as such. */
    static Map<String, @Nullable Object> map(Obj object) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        object.members().forEach((name, member) -> map.put(name, of(member)));
        return map;
    }
}
