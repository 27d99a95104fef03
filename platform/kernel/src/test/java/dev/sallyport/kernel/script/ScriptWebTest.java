package dev.sallyport.kernel.script;

import static dev.sallyport.kernel.script.ScriptFixture.answer;
import static dev.sallyport.kernel.script.ScriptFixture.get;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What scripts have of the web's own functions; values of digests and codes after RFC 4231, RFC 6234 and FIPS 180. */
final class ScriptWebTest {

    private static final String HEX =
            "const hex = (b) => [...new Uint8Array(b)].map((x) => x.toString(16).padStart(2, '0')).join('');const"
                    + " bytes = (s) => new TextEncoder().encode(s);const key = (k, usages, hash = 'SHA-256') =>"
                    + " crypto.subtle.importKey('raw', bytes(k), { name: 'HMAC', hash }, false, usages);const error ="
                    + " async (f) => { try { await f(); return 'none'; } catch (e) { return e.name; } };";

    private static ScriptFixture scripts;

    @BeforeAll
    static void start(@TempDir Path folder) {
        scripts = new ScriptFixture(folder);
    }

    @AfterAll
    static void stop() {
        scripts.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        hex(await crypto.subtle.digest('SHA-1', bytes('abc')))                     | a9993e364706816aba3e25717850c26c9cd0d89d
        hex(await crypto.subtle.digest({ name: 'sha-256' }, bytes('abc')))         | ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad
        hex(await crypto.subtle.digest('SHA-256', bytes('xabc').subarray(1)))      | ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad
        hex(await crypto.subtle.digest('SHA-384', new ArrayBuffer(0)))             | 38b060a751ac96384cd9327eb1b1e36a21fdb71114be07434c0cc7bf63f6e1da274edebfe76f65fbd51ad2f14898b95b
        hex(await crypto.subtle.digest('SHA-512', bytes(''))).slice(0, 16)         | cf83e1357eefb8bd
        hex(await crypto.subtle.sign('HMAC', await key('Jefe', ['sign']), bytes('what do ya want for nothing?'))) | 5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843
        await crypto.subtle.verify('HMAC', await key('k', ['sign', 'verify']), await crypto.subtle.sign('HMAC', await key('k', ['sign']), bytes('m')), bytes('m')) | true
        await crypto.subtle.verify('HMAC', await key('k', ['verify']), new Uint8Array(32), bytes('m')) | false
        await error(async () => crypto.subtle.sign('HMAC', await key('k', ['verify']), bytes('m'))) | InvalidAccessError
        await error(() => crypto.subtle.digest('MD5', bytes('')))                  | NotSupportedError
        await error(() => crypto.subtle.digest('SHA-256', 'text'))                 | TypeError
        await error(() => crypto.subtle.importKey('jwk', {}, 'HMAC', true, []))    | NotSupportedError
        await error(() => key('', ['sign']))                                       | DataError
        JSON.stringify((await key('k', ['sign'])).algorithm)                       | {"name":"HMAC","hash":{"name":"SHA-256"},"length":8}
        /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(crypto.randomUUID()) | true
        crypto.randomUUID() === crypto.randomUUID()                                | false
        crypto.getRandomValues(new Uint8Array(64)).some((x) => x !== 0)            | true
        crypto.getRandomValues(new Uint32Array(2)).length                          | 2
        await error(() => crypto.getRandomValues(new Float64Array(1)))             | TypeMismatchError
        await error(() => crypto.getRandomValues(new Uint8Array(65537)))           | QuotaExceededError
        JSON.stringify(structuredClone({ a: [1, { b: null }], d: new Date(0) }))   | {"a":[1,{"b":null}],"d":"1970-01-01T00:00:00.000Z"}
        (() => { const a = {}; a.self = a; const b = structuredClone(a); return b !== a && b.self === b; })() | true
        structuredClone(new Map([['a', new Set([1])]])).get('a').has(1)            | true
        structuredClone(new Uint8Array([1, 2, 3]).subarray(1)).join()              | 2,3
        structuredClone(/a/gi).flags                                               | gi
        structuredClone(new RangeError('far')).message                             | far
        structuredClone(new RangeError('far')) instanceof RangeError               | true
        await error(() => structuredClone({ f() {} }))                             | DataCloneError
        await error(() => structuredClone(Symbol('s')))                            | DataCloneError
        Object.hasOwn(structuredClone(JSON.parse('{"__proto__": 1}')), '__proto__') | true
        typeof setTimeout + typeof eval + typeof require + typeof Java             | undefinedfunctionundefinedundefined
        """)
    void doesWhatTheWebDoes(String expression, String value) throws Exception {
        var filter = scripts.handler(HEX + "\nreturn new Response(String(" + expression + "));");

        assertThat(answer(filter, get("/"))).isEqualTo(value);
    }
}
