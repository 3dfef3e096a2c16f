// SPDX-License-Identifier: EUPL-1.2
// Test CSCA, Document Signer and CMS signature: see document_signer.hpp.
#include "tests/card/document_signer.hpp"

#include <openssl/asn1.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/obj_mac.h>
#include <openssl/param_build.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <cstdlib>

#include "tests/card/oid.hpp"
#include "tests/card/tlv.hpp"

namespace card {
namespace {

void require(bool good, const char* what) {
    if (good) return;
    std::fprintf(stderr, "freigabe-card: OpenSSL refused %s\n", what);
    std::abort();
}

template <auto release>
struct Release {
    void operator()(auto* object) const { release(object); }
};
using Key = std::unique_ptr<EVP_PKEY, Release<EVP_PKEY_free>>;
using KeyContext = std::unique_ptr<EVP_PKEY_CTX, Release<EVP_PKEY_CTX_free>>;
using Certificate = std::unique_ptr<X509, Release<X509_free>>;
using Number = std::unique_ptr<BIGNUM, Release<BN_free>>;
using Builder = std::unique_ptr<OSSL_PARAM_BLD, Release<OSSL_PARAM_BLD_free>>;
using Parameters = std::unique_ptr<OSSL_PARAM, Release<OSSL_PARAM_free>>;
using Extension = std::unique_ptr<X509_EXTENSION, Release<X509_EXTENSION_free>>;

KeyPair country_key(std::string_view label) {
    return deterministic_key(Curve::brainpool_256(), label,
                             to_bytes(std::string_view("freigabe test country")));
}

Key to_openssl(const KeyPair& key, CurveEncoding encoding) {
    const Builder builder(OSSL_PARAM_BLD_new());
    const Number scalar(BN_bin2bn(key.scalar.data(), static_cast<int>(key.scalar.size()), nullptr));
    const char* const form = encoding == CurveEncoding::named ? "named_curve" : "explicit";
    require(OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME,
                                            "brainpoolP256r1", 0) == 1 &&
                OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_EC_ENCODING, form,
                                                0) == 1 &&
                OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY,
                                                 key.point.data(), key.point.size()) == 1 &&
                OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_PRIV_KEY, scalar.get()) == 1,
            "key parameters");
    const Parameters parameters(OSSL_PARAM_BLD_to_param(builder.get()));
    const KeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr));
    EVP_PKEY* raw = nullptr;
    require(EVP_PKEY_fromdata_init(context.get()) == 1 &&
                EVP_PKEY_fromdata(context.get(), &raw, EVP_PKEY_KEYPAIR, parameters.get()) == 1,
            "a key");
    return Key(raw);
}

void set_name(X509_NAME* name, const char* common_name) {
    const auto add = [name](const char* field, const char* text) {
        require(X509_NAME_add_entry_by_txt(name, field, MBSTRING_UTF8,
                                           reinterpret_cast<const unsigned char*>(text), -1, -1,
                                           0) == 1,
                "a name");
    };
    add("C", "DE");
    add("O", "Freigabe Test");
    add("CN", common_name);
}

void add_extension(X509* certificate, X509* issuer, int id, const char* value) {
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    const Extension extension(X509V3_EXT_conf_nid(nullptr, &context, id, value));
    require(extension && X509_add_ext(certificate, extension.get(), -1) == 1, "an extension");
}

struct Request {
    long serial;
    const char* common_name;
    const char* not_before;
    const char* not_after;
    EVP_PKEY* key;
};

Certificate begin(const Request& request) {
    Certificate certificate(X509_new());
    X509* raw = certificate.get();
    require(X509_set_version(raw, X509_VERSION_3) == 1 &&
                ASN1_INTEGER_set(X509_get_serialNumber(raw), request.serial) == 1 &&
                ASN1_TIME_set_string_X509(X509_getm_notBefore(raw), request.not_before) == 1 &&
                ASN1_TIME_set_string_X509(X509_getm_notAfter(raw), request.not_after) == 1 &&
                X509_set_pubkey(raw, request.key) == 1,
            "a certificate");
    set_name(X509_get_subject_name(raw), request.common_name);
    return certificate;
}

Bytes encode(X509* certificate) {
    unsigned char* raw = nullptr;
    const int length = i2d_X509(certificate, &raw);
    require(length > 0, "DER");
    Bytes bytes(raw, raw + length);
    OPENSSL_free(raw);
    return bytes;
}

Certificate make_authority(EVP_PKEY* key) {
    Certificate certificate =
        begin({1, "Freigabe Test CSCA", "20200101000000Z", "20491231235959Z", key});
    X509* raw = certificate.get();
    require(X509_set_issuer_name(raw, X509_get_subject_name(raw)) == 1, "an issuer");
    add_extension(raw, raw, NID_basic_constraints, "critical,CA:TRUE,pathlen:0");
    add_extension(raw, raw, NID_key_usage, "critical,keyCertSign,cRLSign");
    add_extension(raw, raw, NID_subject_key_identifier, "hash");
    require(X509_sign(raw, key, EVP_sha256()) > 0, "a signature");
    return certificate;
}

Certificate make_signer(EVP_PKEY* key, X509* authority, EVP_PKEY* authority_key, long serial) {
    Certificate certificate =
        begin({serial, "Freigabe Test Document Signer", "20200101000000Z", "20451231235959Z", key});
    X509* raw = certificate.get();
    require(X509_set_issuer_name(raw, X509_get_subject_name(authority)) == 1, "an issuer");
    add_extension(raw, authority, NID_key_usage, "critical,digitalSignature");
    add_extension(raw, authority, NID_subject_key_identifier, "hash");
    add_extension(raw, authority, NID_authority_key_identifier, "keyid:always");
    require(X509_sign(raw, authority_key, EVP_sha256()) > 0, "a signature");
    return certificate;
}

Bytes encode_issuer_and_serial(X509* certificate) {
    unsigned char* raw = nullptr;
    const int length = i2d_X509_NAME(X509_get_issuer_name(certificate), &raw);
    require(length > 0, "a name");
    const Bytes name(raw, raw + length);
    OPENSSL_free(raw);
    const auto serial =
        static_cast<std::uint32_t>(ASN1_INTEGER_get(X509_get0_serialNumber(certificate)));
    return tlv(0x30, {name, der_integer(serial)});
}

Bytes attribute(View identifier, View value) {
    return tlv(0x30, {tlv(0x06, identifier), tlv(0x31, value)});
}

// r || s to SEQUENCE { r, s }.
Bytes der_signature(View plain) {
    const std::size_t half = plain.size() / 2;
    return tlv(0x30, {der_integer(plain.first(half)), der_integer(plain.subspan(half))});
}

}  // namespace

DocumentSigner::DocumentSigner(CurveEncoding encoding) {
    const Key authority_key = to_openssl(country_key("csca"), CurveEncoding::named);
    const bool named = encoding == CurveEncoding::named;
    key_ = country_key(named ? "signer" : "signer explicit");
    const Key signer_key = to_openssl(key_, encoding);
    const Certificate authority = make_authority(authority_key.get());
    const Certificate signer =
        make_signer(signer_key.get(), authority.get(), authority_key.get(), named ? 2 : 3);
    authority_ = encode(authority.get());
    signer_ = encode(signer.get());
    issuer_and_serial_ = encode_issuer_and_serial(signer.get());
}

Bytes DocumentSigner::sign(View security_object) const {
    const Bytes digest_algorithm = tlv(0x30, tlv(0x06, oid::sha_256));
    const Bytes type = tlv(0x06, oid::security_object);
    // Both attributes, in DER order: the shorter encoding first.
    const Bytes attributes =
        join({attribute(oid::content_type, type),
              attribute(oid::message_digest, tlv(0x04, hash(HashId::sha_256, security_object)))});
    const Bytes signature = der_signature(
        Curve::brainpool_256().sign(HashId::sha_256, tlv(0x31, attributes), key_.scalar));
    const Bytes signer_info =
        tlv(0x30, {der_integer(1), issuer_and_serial_, digest_algorithm, tlv(0xA0, attributes),
                   tlv(0x30, tlv(0x06, oid::ecdsa_with_sha_256)), tlv(0x04, signature)});
    const Bytes content = tlv(0x30, {type, tlv(0xA0, tlv(0x04, security_object))});
    const Bytes signed_data = tlv(0x30, {der_integer(3), tlv(0x31, digest_algorithm), content,
                                         tlv(0xA0, signer_), tlv(0x31, signer_info)});
    return tlv(0x30, {tlv(0x06, oid::signed_data), tlv(0xA0, signed_data)});
}

}  // namespace card
