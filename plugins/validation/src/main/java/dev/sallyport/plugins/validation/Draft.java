package dev.sallyport.plugins.validation;

import com.networknt.schema.dialect.Dialect;
import com.networknt.schema.dialect.Draft201909;
import com.networknt.schema.dialect.Draft202012;
import com.networknt.schema.dialect.Draft4;
import com.networknt.schema.dialect.Draft6;
import com.networknt.schema.dialect.Draft7;
import com.networknt.schema.keyword.AnnotationKeyword;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** The drafts of JSON Schema. */
public enum Draft {
    DRAFT_2020_12,
    DRAFT_2019_09,
    DRAFT_7,
    DRAFT_6,
    DRAFT_4;

    /** What schemas of this draft mean; keywords that it does not know are passed over, as the drafts say. */
    Dialect dialect() {
        return quiet(
                switch (this) {
                    case DRAFT_2020_12 -> Draft202012.getInstance();
                    case DRAFT_2019_09 -> Draft201909.getInstance();
                    case DRAFT_7 -> Draft7.getInstance();
                    case DRAFT_6 -> Draft6.getInstance();
                    case DRAFT_4 -> Draft4.getInstance();
                });
    }

    /** All of them, that one first. */
    static List<Dialect> dialects(Draft first) {
        return Stream.concat(Stream.of(first), Arrays.stream(values()).filter(draft -> draft != first))
                .map(Draft::dialect)
                .toList();
    }

    /** The library logs each keyword that it does not know, and has formats that no draft names. */
    static Dialect quiet(Dialect dialect) {
        return Dialect.builder(dialect)
                .unknownKeywordFactory((name, context) -> new AnnotationKeyword(name))
                .formats(CheckedFormats::keep)
                .build();
    }
}
