// SPDX-License-Identifier: EUPL-1.2
#include "drivers/crypto/explicit_key.hpp"

#include <mbedtls/asn1.h>

namespace crypto {
namespace {

constexpr int sequence = MBEDTLS_ASN1_SEQUENCE | MBEDTLS_ASN1_CONSTRUCTED;
constexpr int context_0 = MBEDTLS_ASN1_CONTEXT_SPECIFIC | MBEDTLS_ASN1_CONSTRUCTED;
constexpr std::uint8_t ec_public_key[] = {0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01};
constexpr std::uint8_t prime_field[] = {0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x01, 0x01};

/// Takes one object after the other; after the first that is not there, nothing more.
class Cursor {
  public:
    explicit Cursor(base::ByteView der) : rest_(der) {}

    base::ByteView take(int tag) {
        // mbedTLS reads through a non-const cursor and does not write.
        auto* at = const_cast<unsigned char*>(rest_.data());
        const unsigned char* end = rest_.data() + rest_.size();
        std::size_t size = 0;
        good_ = good_ && !rest_.empty() && mbedtls_asn1_get_tag(&at, end, &size, tag) == 0;
        if (!good_) return {};
        rest_ = {at + size, end};
        return {at, size};
    }
    [[nodiscard]] bool good() const { return good_; }
    [[nodiscard]] bool at(int tag) const { return !rest_.empty() && rest_[0] == tag; }

  private:
    base::ByteView rest_;
    bool good_ = true;
};

base::Bytes copy(base::ByteView bytes) {
    return {bytes.begin(), bytes.end()};
}

std::optional<Curve> read_parameters(base::ByteView parameters) {
    Cursor reader(parameters);
    (void)reader.take(MBEDTLS_ASN1_INTEGER);  // version: it says whether a seed may follow
    Cursor field(reader.take(sequence));
    Cursor curve(reader.take(sequence));
    DomainParameters known;
    known.generator = copy(reader.take(MBEDTLS_ASN1_OCTET_STRING));
    known.order = copy(reader.take(MBEDTLS_ASN1_INTEGER));
    if (!reader.good() || !base::equal(field.take(MBEDTLS_ASN1_OID), prime_field)) return {};
    known.prime = copy(field.take(MBEDTLS_ASN1_INTEGER));
    known.a = copy(curve.take(MBEDTLS_ASN1_OCTET_STRING));
    known.b = copy(curve.take(MBEDTLS_ASN1_OCTET_STRING));
    if (!field.good() || !curve.good()) return {};
    known.cofactor = 1;  // an error here would be one of prime or order, which are compared
    return recognise(known);
}

}  // namespace

std::optional<KeyPair> parse_explicit_key(base::ByteView der) {
    Cursor outer(der);
    Cursor key(outer.take(sequence));
    (void)key.take(MBEDTLS_ASN1_INTEGER);
    base::ByteView scalar;
    base::ByteView parameters;
    if (key.at(sequence)) {  // PKCS#8: algorithm, then SEC 1 in an octet string
        Cursor algorithm(key.take(sequence));
        if (!base::equal(algorithm.take(MBEDTLS_ASN1_OID), ec_public_key)) return {};
        parameters = algorithm.take(sequence);
        Cursor inner(Cursor(key.take(MBEDTLS_ASN1_OCTET_STRING)).take(sequence));
        (void)inner.take(MBEDTLS_ASN1_INTEGER);
        scalar = inner.take(MBEDTLS_ASN1_OCTET_STRING);
    } else {
        scalar = key.take(MBEDTLS_ASN1_OCTET_STRING);
        parameters = Cursor(key.take(context_0)).take(sequence);
    }
    const auto curve = read_parameters(parameters);
    if (!curve || scalar.empty() || scalar.size() > curve_bytes(*curve)) return {};
    auto pair = key_from_scalar(*curve, scalar);
    if (!pair) return {};
    return std::move(*pair);
}

}  // namespace crypto
