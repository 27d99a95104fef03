// @ts-check
/**
 * Whether a content-type says JSON: application/json, or a type that ends in +json (RFC 6839).
 *
 * @param {string | null} contentType
 */
export const isJson = (contentType) => /^\s*application\/(?:[^;\s]+\+)?json\s*(?:;|$)/i.test(contentType ?? "");
