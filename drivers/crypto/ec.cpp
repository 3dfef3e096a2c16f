// SPDX-License-Identifier: EUPL-1.2
#include "drivers/crypto/ec.hpp"

#include <mbedtls/ecdh.h>

#include <algorithm>
#include <array>

#include "drivers/base/check.hpp"
#include "drivers/crypto/ec_group.hpp"
#include "drivers/crypto/random.hpp"
#include "drivers/crypto/reduction.hpp"

namespace crypto {
namespace {

#if MBEDTLS_VERSION_MAJOR < 3
template <mbedtls_ecp_group_id id>
int reduce(mbedtls_mpi* number);

/// Curves whose primes have no form that mbedTLS knows bring a reduction of their own.
template <mbedtls_ecp_group_id id>
void speed_up(mbedtls_ecp_group& group) {
    if (group.modp == nullptr) group.modp = reduce<id>;
}
#else
template <mbedtls_ecp_group_id id>
void speed_up(mbedtls_ecp_group&) {}
#endif

/// Numbers of a curve and multiples of its generator, complete before anybody sees them.
template <mbedtls_ecp_group_id id>
class SharedGroup {
  public:
    SharedGroup() {
        CHECK(mbedtls_ecp_group_load(group_.get(), id) == 0);
        speed_up<id>(*group_.get());
        SystemRandom random;
        Mpi one;
        EcPoint generator;
        CHECK(mbedtls_mpi_lset(one.get(), 1) == 0);
        // The first multiplication of the generator makes the table and leaves it in the group.
        CHECK(mbedtls_ecp_mul(group_.get(), generator.get(), one.get(), &group_.get()->G,
                              mbedtls_random, &random) == 0);
    }
    [[nodiscard]] mbedtls_ecp_group* get() { return group_.get(); }

  private:
    base::Pinned<mbedtls_ecp_group, mbedtls_ecp_group_init, mbedtls_ecp_group_free> group_;
};

#if MBEDTLS_VERSION_MAJOR < 3
template <mbedtls_ecp_group_id id>
int reduce(mbedtls_mpi* number) {
    static const Reduction reduction = [] {
        base::Pinned<mbedtls_ecp_group, mbedtls_ecp_group_init, mbedtls_ecp_group_free> group;
        CHECK(mbedtls_ecp_group_load(group.get(), id) == 0);
        return Reduction(group.get()->P);
    }();
    return reduction.apply(*number);
}
#endif

/// Made when a curve is first needed; of several threads that need it, one makes it.
template <mbedtls_ecp_group_id id>
mbedtls_ecp_group* shared_group() {
    static SharedGroup<id> group;
    return group.get();
}

struct CurveRow {
    Curve curve;
    mbedtls_ecp_group_id group;
    mbedtls_ecp_group* (*shared)();
    std::size_t bytes;
    unsigned standard_id;  // TR-03110-3 A.2.1.1, table 4
};

template <mbedtls_ecp_group_id id>
constexpr CurveRow row(Curve curve, std::size_t bytes, unsigned standard_id) {
    return {curve, id, shared_group<id>, bytes, standard_id};
}

constexpr std::array<CurveRow, 6> curves = {
    row<MBEDTLS_ECP_DP_SECP256R1>(Curve::p256, 32, 12),
    row<MBEDTLS_ECP_DP_SECP384R1>(Curve::p384, 48, 15),
    row<MBEDTLS_ECP_DP_SECP521R1>(Curve::p521, 66, 18),
    row<MBEDTLS_ECP_DP_BP256R1>(Curve::brainpool_p256r1, 32, 13),
    row<MBEDTLS_ECP_DP_BP384R1>(Curve::brainpool_p384r1, 48, 16),
    row<MBEDTLS_ECP_DP_BP512R1>(Curve::brainpool_p512r1, 64, 17),
};

const CurveRow& row_of(Curve curve) {
    const auto* row = std::ranges::find(curves, curve, &CurveRow::curve);
    CHECK(row != curves.end());
    return *row;
}

bool same_number(base::ByteView left, base::ByteView right) {
    while (!left.empty() && left.front() == 0) left = left.subspan(1);
    while (!right.empty() && right.front() == 0) right = right.subspan(1);
    return base::equal(left, right);
}

auto bad(const char* where, int error) {
    return base::fail(base::Errc::key_bad, where, static_cast<std::uint32_t>(-error));
}

base::Bytes write_point(const mbedtls_ecp_group& group, const mbedtls_ecp_point& point) {
    std::array<std::uint8_t, 1 + 2 * 66> buffer{};
    std::size_t size = 0;
    CHECK(mbedtls_ecp_point_write_binary(&group, &point, MBEDTLS_ECP_PF_UNCOMPRESSED, &size,
                                         buffer.data(), buffer.size()) == 0);
    return {buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(size)};
}

Scalar store_scalar(const mbedtls_mpi& value, std::size_t size) {
    base::Bytes bytes = to_bytes(value, size);
    Scalar scalar{base::ByteView(bytes)};
    base::wipe(bytes);
    return scalar;
}

base::Result<KeyPair> finish_key(EcGroup& group, Curve curve, const mbedtls_mpi& secret,
                                 EcPoint& point) {
    return KeyPair{store_scalar(secret, curve_bytes(curve)), store_point(group, curve, point)};
}

}  // namespace

EcGroup::EcGroup(Curve curve) : group_(row_of(curve).shared()) {}

std::optional<Curve> curve_of_group(mbedtls_ecp_group_id id) {
    const auto* row = std::ranges::find(curves, id, &CurveRow::group);
    if (row == curves.end()) return std::nullopt;
    return row->curve;
}

base::Bytes to_bytes(const mbedtls_mpi& value, std::size_t size) {
    base::Bytes bytes(size);
    CHECK(mbedtls_mpi_write_binary(&value, bytes.data(), size) == 0);
    return bytes;
}

void read_mpi(Mpi& out, base::ByteView bytes) {
    CHECK(mbedtls_mpi_read_binary(out.get(), bytes.data(), bytes.size()) == 0);
}

void load_point(EcGroup& group, EcPoint& out, const Point& point) {
    CHECK(mbedtls_ecp_point_read_binary(group.get(), out.get(), point.bytes.data(),
                                        point.bytes.size()) == 0);
}

Point store_point(EcGroup& group, Curve curve, EcPoint& point) {
    return Point{curve, write_point(*group.get(), *point.get())};
}

std::size_t curve_bytes(Curve curve) {
    return row_of(curve).bytes;
}

std::optional<Curve> curve_of_standard_id(unsigned id) {
    const auto* row = std::ranges::find(curves, id, &CurveRow::standard_id);
    if (row == curves.end()) return std::nullopt;
    return row->curve;
}

DomainParameters domain_parameters(Curve curve) {
    // Not the shared group: whoever only compares numbers does not need its table.
    base::Pinned<mbedtls_ecp_group, mbedtls_ecp_group_init, mbedtls_ecp_group_free> group;
    CHECK(mbedtls_ecp_group_load(group.get(), row_of(curve).group) == 0);
    const std::size_t size = curve_bytes(curve);
    const mbedtls_ecp_group* g = group.get();
    Mpi a;
    if (mbedtls_mpi_bitlen(&g->A) == 0) {
        // mbedTLS leaves A empty to say -3; the norms write the number.
        CHECK(mbedtls_mpi_sub_int(a.get(), &g->P, 3) == 0);
    } else {
        CHECK(mbedtls_mpi_copy(a.get(), &g->A) == 0);
    }
    return DomainParameters{to_bytes(g->P, size),  to_bytes(*a.get(), size), to_bytes(g->B, size),
                            write_point(*g, g->G), to_bytes(g->N, size),     1};
}

std::optional<Curve> recognise(const DomainParameters& parameters) {
    if (parameters.cofactor != 1) return std::nullopt;
    for (const CurveRow& row : curves) {
        const DomainParameters known = domain_parameters(row.curve);
        if (same_number(known.prime, parameters.prime) && same_number(known.a, parameters.a) &&
            same_number(known.b, parameters.b) && same_number(known.order, parameters.order) &&
            base::equal(known.generator, parameters.generator)) {
            return row.curve;
        }
    }
    return std::nullopt;
}

base::ByteView Point::x() const {
    return base::ByteView(bytes).subspan(1, curve_bytes(curve));
}

base::ByteView Point::y() const {
    return base::ByteView(bytes).subspan(1 + curve_bytes(curve));
}

base::Result<Point> parse_point(Curve curve, base::ByteView uncompressed) {
    if (uncompressed.size() != 1 + 2 * curve_bytes(curve) || uncompressed[0] != 0x04) {
        return base::fail(base::Errc::key_bad, "parse_point");
    }
    EcGroup group(curve);
    EcPoint point;
    if (const int error = mbedtls_ecp_point_read_binary(group.get(), point.get(),
                                                        uncompressed.data(), uncompressed.size())) {
        return bad("parse_point", error);
    }
    if (const int error = mbedtls_ecp_check_pubkey(group.get(), point.get())) {
        return bad("parse_point", error);
    }
    return Point{curve, base::Bytes(uncompressed.begin(), uncompressed.end())};
}

KeyPair generate_key(Curve curve, port::Random& random) {
    EcGroup group(curve);
    Mpi secret;
    EcPoint point;
    CHECK(mbedtls_ecp_gen_keypair(group.get(), secret.get(), point.get(), mbedtls_random,
                                  &random) == 0);
    return KeyPair{store_scalar(*secret.get(), curve_bytes(curve)),
                   store_point(group, curve, point)};
}

base::Result<KeyPair> key_from_scalar(Curve curve, base::ByteView scalar) {
    EcGroup group(curve);
    EcPoint generator;
    CHECK(mbedtls_ecp_copy(generator.get(), &group.get()->G) == 0);
    // Blinding needs randomness of its own: the caller of a known scalar has none to give.
    SystemRandom random;
    return key_on(store_point(group, curve, generator), scalar, random);
}

base::Result<Scalar> shared_x(const KeyPair& own, const Point& peer, port::Random& random) {
    if (own.point.curve != peer.curve) return base::fail(base::Errc::key_bad, "shared_x");
    EcGroup group(peer.curve);
    Mpi secret;
    Mpi shared;
    EcPoint point;
    read_mpi(secret, own.secret.expose());
    load_point(group, point, peer);
    if (const int error = mbedtls_ecdh_compute_shared(group.get(), shared.get(), point.get(),
                                                      secret.get(), mbedtls_random, &random)) {
        return bad("shared_x", error);
    }
    return store_scalar(*shared.get(), curve_bytes(peer.curve));
}

base::Result<Point> multiply(const Scalar& secret, const Point& peer, port::Random& random) {
    EcGroup group(peer.curve);
    Mpi factor;
    EcPoint point;
    EcPoint product;
    read_mpi(factor, secret.expose());
    load_point(group, point, peer);
    if (const int error = mbedtls_ecp_mul(group.get(), product.get(), factor.get(), point.get(),
                                          mbedtls_random, &random)) {
        return bad("multiply", error);
    }
    if (mbedtls_ecp_is_zero(product.get()) == 1) return bad("multiply", 0);
    return store_point(group, peer.curve, product);
}

base::Result<Point> map_generic(Curve curve, base::ByteView nonce, const Point& shared,
                                port::Random& random) {
    if (shared.curve != curve) return base::fail(base::Errc::key_bad, "map_generic");
    EcGroup group(curve);
    Mpi factor;
    Mpi one;
    EcPoint from_nonce;
    EcPoint from_shared;
    EcPoint mapped;
    read_mpi(factor, nonce);
    CHECK(mbedtls_mpi_mod_mpi(factor.get(), factor.get(), &group.get()->N) == 0);
    CHECK(mbedtls_mpi_lset(one.get(), 1) == 0);
    load_point(group, from_shared, shared);
    // The nonce is secret until PACE has ended, so its multiplication is the blinded one.
    if (const int error = mbedtls_ecp_mul(group.get(), from_nonce.get(), factor.get(),
                                          &group.get()->G, mbedtls_random, &random)) {
        return bad("map_generic", error);
    }
    if (const int error = mbedtls_ecp_muladd(group.get(), mapped.get(), one.get(), from_nonce.get(),
                                             one.get(), from_shared.get())) {
        return bad("map_generic", error);
    }
    if (mbedtls_ecp_is_zero(mapped.get()) == 1) return bad("map_generic", 0);
    return store_point(group, curve, mapped);
}

base::Result<KeyPair> generate_key_on(const Point& generator, port::Random& random) {
    EcGroup group(generator.curve);
    EcPoint base_point;
    EcPoint point;
    Mpi secret;
    load_point(group, base_point, generator);
    if (const int error = mbedtls_ecp_gen_keypair_base(group.get(), base_point.get(), secret.get(),
                                                       point.get(), mbedtls_random, &random)) {
        return bad("generate_key_on", error);
    }
    return finish_key(group, generator.curve, *secret.get(), point);
}

base::Result<KeyPair> key_on(const Point& generator, base::ByteView scalar, port::Random& random) {
    EcGroup group(generator.curve);
    EcPoint base_point;
    EcPoint point;
    Mpi secret;
    if (scalar.size() > curve_bytes(generator.curve)) return bad("key_on", 0);
    load_point(group, base_point, generator);
    read_mpi(secret, scalar);
    if (const int error = mbedtls_ecp_check_privkey(group.get(), secret.get())) {
        return bad("key_on", error);
    }
    if (const int error = mbedtls_ecp_mul(group.get(), point.get(), secret.get(), base_point.get(),
                                          mbedtls_random, &random)) {
        return bad("key_on", error);
    }
    return finish_key(group, generator.curve, *secret.get(), point);
}

}  // namespace crypto
