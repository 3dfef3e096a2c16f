// SPDX-License-Identifier: EUPL-1.2
// Elliptic curves on OpenSSL's EC_GROUP: see curve.hpp.
#include "tests/card/curve.hpp"

#include <openssl/bn.h>
#include <openssl/obj_mac.h>

#include <cstdio>
#include <cstdlib>

namespace card {
namespace {

struct Free {
    void operator()(BIGNUM* n) const { BN_clear_free(n); }
    void operator()(EC_POINT* p) const { EC_POINT_clear_free(p); }
    void operator()(BN_CTX* c) const { BN_CTX_free(c); }
};
using Number = std::unique_ptr<BIGNUM, Free>;
using Point = std::unique_ptr<EC_POINT, Free>;
using Context = std::unique_ptr<BN_CTX, Free>;

void require(bool good) {
    if (good) return;
    std::fputs("freigabe-card: OpenSSL refused curve arithmetic\n", stderr);
    std::abort();
}

Number number(View bytes) {
    return Number(BN_bin2bn(bytes.data(), static_cast<int>(bytes.size()), nullptr));
}

Bytes fixed(const BIGNUM* n, std::size_t size) {
    Bytes out(size);
    require(BN_bn2binpad(n, out.data(), static_cast<int>(size)) == static_cast<int>(size));
    return out;
}

// On the curve, uncompressed and not neutral; else null. Cofactor 1 curves need no more.
Point decode(const EC_GROUP* group, View bytes) {
    Point point(EC_POINT_new(group));
    if (bytes.empty() || bytes[0] != 0x04) return nullptr;
    if (EC_POINT_oct2point(group, point.get(), bytes.data(), bytes.size(), nullptr) != 1) {
        return nullptr;
    }
    if (EC_POINT_is_at_infinity(group, point.get()) == 1) return nullptr;
    return point;
}

std::optional<Bytes> encode_point(const EC_GROUP* group, const EC_POINT* point) {
    if (EC_POINT_is_at_infinity(group, point) == 1) return std::nullopt;
    Bytes out(EC_POINT_point2oct(group, point, POINT_CONVERSION_UNCOMPRESSED, nullptr, 0, nullptr));
    require(EC_POINT_point2oct(group, point, POINT_CONVERSION_UNCOMPRESSED, out.data(), out.size(),
                               nullptr) == out.size());
    return out;
}

// The leftmost bits of the hash, as many as the order has (TR-03111 4.2.1.1).
Number truncated_hash(HashId id, View message, const BIGNUM* order) {
    const Bytes digest = hash(id, message);
    Number e = number(digest);
    const int surplus = static_cast<int>(digest.size() * 8) - BN_num_bits(order);
    if (surplus > 0) require(BN_rshift(e.get(), e.get(), surplus) == 1);
    return e;
}

bool in_range(const BIGNUM* n, const BIGNUM* order) {
    return BN_is_zero(n) == 0 && BN_is_negative(n) == 0 && BN_cmp(n, order) < 0;
}

}  // namespace

Curve Curve::brainpool_256() {
    return of_openssl(NID_brainpoolP256r1);
}

Curve Curve::of_openssl(int number) {
    EC_GROUP* group = EC_GROUP_new_by_curve_name(number);
    require(group != nullptr);
    return Curve(group);
}

std::optional<Curve> Curve::from_parameters(const DomainParameters& given) {
    if (given.prime.size() < 24 || given.prime.size() > 67) return std::nullopt;
    const Number prime = number(given.prime);
    const Number order = number(given.order);
    const Number cofactor = number(given.cofactor);
    const Context context(BN_CTX_new());
    if (BN_check_prime(prime.get(), context.get(), nullptr) != 1) return std::nullopt;
    if (BN_check_prime(order.get(), context.get(), nullptr) != 1) return std::nullopt;
    if (BN_is_one(cofactor.get()) == 0) return std::nullopt;
    EC_GROUP* raw = EC_GROUP_new_curve_GFp(prime.get(), number(given.a).get(),
                                           number(given.b).get(), context.get());
    if (raw == nullptr) return std::nullopt;
    Curve curve(raw);
    const Point generator = decode(raw, given.generator);
    if (!generator ||
        EC_GROUP_set_generator(raw, generator.get(), order.get(), cofactor.get()) != 1 ||
        EC_GROUP_check(raw, context.get()) != 1) {
        return std::nullopt;
    }
    return curve;
}

std::size_t Curve::field_bytes() const {
    return static_cast<std::size_t>(EC_GROUP_get_degree(group_.get()) + 7) / 8;
}
std::size_t Curve::order_bytes() const {
    return static_cast<std::size_t>(EC_GROUP_order_bits(group_.get()) + 7) / 8;
}

DomainParameters Curve::parameters() const {
    const Number prime(BN_new());
    const Number a(BN_new());
    const Number b(BN_new());
    require(EC_GROUP_get_curve(group_.get(), prime.get(), a.get(), b.get(), nullptr) == 1);
    const std::size_t size = field_bytes();
    return {fixed(prime.get(), size),
            fixed(a.get(), size),
            fixed(b.get(), size),
            generator(),
            fixed(EC_GROUP_get0_order(group_.get()), order_bytes()),
            Bytes{1}};
}

bool Curve::same_as(const Curve& other) const {
    return EC_GROUP_cmp(group_.get(), other.group_.get(), nullptr) == 0;
}

bool Curve::contains(View point) const {
    return decode(group_.get(), point) != nullptr;
}

Bytes Curve::generator() const {
    return *encode_point(group_.get(), EC_GROUP_get0_generator(group_.get()));
}

Bytes Curve::random_scalar() const {
    return scalar_from(random_bytes(order_bytes() + 8));
}

Bytes Curve::scalar_from(View bytes) const {
    const Context context(BN_CTX_new());
    const Number n = number(bytes);
    const Number bound(BN_dup(EC_GROUP_get0_order(group_.get())));
    require(BN_sub_word(bound.get(), 1) == 1);
    require(BN_mod(n.get(), n.get(), bound.get(), context.get()) == 1);
    require(BN_add_word(n.get(), 1) == 1);
    return fixed(n.get(), order_bytes());
}

std::optional<Bytes> Curve::multiply(View point, View scalar) const {
    const Point p = decode(group_.get(), point);
    if (!p) return std::nullopt;
    const Number k = number(scalar);
    const Point out(EC_POINT_new(group_.get()));
    require(EC_POINT_mul(group_.get(), out.get(), nullptr, p.get(), k.get(), nullptr) == 1);
    return encode_point(group_.get(), out.get());
}

std::optional<Bytes> Curve::add(View left, View right) const {
    const Point l = decode(group_.get(), left);
    const Point r = decode(group_.get(), right);
    if (!l || !r) return std::nullopt;
    const Point out(EC_POINT_new(group_.get()));
    require(EC_POINT_add(group_.get(), out.get(), l.get(), r.get(), nullptr) == 1);
    return encode_point(group_.get(), out.get());
}

Bytes Curve::x_of(View point) const {
    return to_bytes(point.subspan(1, field_bytes()));
}

Bytes Curve::sign(HashId id, View message, View scalar) const {
    const Context context(BN_CTX_new());
    const BIGNUM* order = EC_GROUP_get0_order(group_.get());
    const Number e = truncated_hash(id, message, order);
    const Number d = number(scalar);
    for (;;) {
        const Bytes k_bytes = random_scalar();
        const auto kg = multiply(generator(), k_bytes);
        const Number r = number(x_of(*kg));
        require(BN_mod(r.get(), r.get(), order, context.get()) == 1);
        const Number k = number(k_bytes);
        const Number s(BN_new());
        require(BN_mod_mul(s.get(), r.get(), d.get(), order, context.get()) == 1);
        require(BN_mod_add(s.get(), s.get(), e.get(), order, context.get()) == 1);
        require(BN_mod_inverse(k.get(), k.get(), order, context.get()) != nullptr);
        require(BN_mod_mul(s.get(), s.get(), k.get(), order, context.get()) == 1);
        if (BN_is_zero(r.get()) == 1 || BN_is_zero(s.get()) == 1) continue;
        return join({fixed(r.get(), order_bytes()), fixed(s.get(), order_bytes())});
    }
}

bool Curve::verify(HashId id, View message, View point, View signature) const {
    const Point q = decode(group_.get(), point);
    if (!q || signature.size() != 2 * order_bytes()) return false;
    const BIGNUM* order = EC_GROUP_get0_order(group_.get());
    const Number r = number(signature.first(order_bytes()));
    const Number s = number(signature.subspan(order_bytes()));
    if (!in_range(r.get(), order) || !in_range(s.get(), order)) return false;
    const Context context(BN_CTX_new());
    const Number u1 = truncated_hash(id, message, order);
    const Number u2(BN_dup(r.get()));
    require(BN_mod_inverse(s.get(), s.get(), order, context.get()) != nullptr);
    require(BN_mod_mul(u1.get(), u1.get(), s.get(), order, context.get()) == 1);
    require(BN_mod_mul(u2.get(), u2.get(), s.get(), order, context.get()) == 1);
    const Point sum(EC_POINT_new(group_.get()));
    require(EC_POINT_mul(group_.get(), sum.get(), u1.get(), q.get(), u2.get(), nullptr) == 1);
    const auto encoded = encode_point(group_.get(), sum.get());
    if (!encoded) return false;
    const Number v = number(x_of(*encoded));
    require(BN_mod(v.get(), v.get(), order, context.get()) == 1);
    return BN_cmp(v.get(), r.get()) == 0;
}

KeyPair generate_key(const Curve& curve) {
    return key_from_scalar(curve, curve.random_scalar());
}

KeyPair key_from_scalar(const Curve& curve, View scalar) {
    const auto point = curve.multiply(curve.generator(), scalar);
    require(point.has_value());
    return {to_bytes(scalar), *point};
}

KeyPair deterministic_key(const Curve& curve, std::string_view label, View seed) {
    return key_from_scalar(
        curve, curve.scalar_from(deterministic_bytes(label, seed, curve.order_bytes() + 8)));
}

}  // namespace card
