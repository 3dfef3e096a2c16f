// SPDX-License-Identifier: EUPL-1.2
// Elliptic curves of the virtual card: key agreement, ECDSA, and domain parameters that arrive
// inside certificates. Points are uncompressed bytes 04 || x || y outside, never the neutral one.
// Pure but for random scalars; any thread. Norm: BSI TR-03111 3.2, 4.2.1, 4.3.1.
#pragma once

#include <openssl/ec.h>

#include <memory>

#include "tests/card/symmetric.hpp"

namespace card {

/// Domain parameters as they stand in a CVCA certificate (tags 81..85, 87).
struct DomainParameters {
    Bytes prime, a, b, generator, order, cofactor;
};

class Curve {
  public:
    /// brainpoolP256r1, standardised domain parameters 13: the curve of certificates and,
    /// unless its suite says otherwise, of the card.
    [[nodiscard]] static Curve brainpool_256();
    /// A curve by OpenSSL's number for it (NID), which it must know.
    [[nodiscard]] static Curve of_openssl(int number);
    /// Nothing if the parameters do not describe a curve of 192..521 bits with a good generator.
    [[nodiscard]] static std::optional<Curve> from_parameters(const DomainParameters& given);

    [[nodiscard]] std::size_t field_bytes() const;
    [[nodiscard]] std::size_t order_bytes() const;
    [[nodiscard]] DomainParameters parameters() const;
    [[nodiscard]] bool same_as(const Curve& other) const;

    [[nodiscard]] bool contains(View point) const;
    [[nodiscard]] Bytes generator() const;
    /// Random scalar in 1..order-1, order_bytes() long.
    [[nodiscard]] Bytes random_scalar() const;
    /// Any bytes (at least 8 more than the order for an even distribution) to a scalar.
    [[nodiscard]] Bytes scalar_from(View bytes) const;

    /// scalar * point. Nothing if the point is not on the curve or the result is neutral.
    [[nodiscard]] std::optional<Bytes> multiply(View point, View scalar) const;
    [[nodiscard]] std::optional<Bytes> add(View left, View right) const;
    /// x-coordinate, padded to field_bytes(): both Comp() and the shared secret.
    [[nodiscard]] Bytes x_of(View point) const;

    /// Plain signature r || s.
    [[nodiscard]] Bytes sign(HashId id, View message, View scalar) const;
    [[nodiscard]] bool verify(HashId id, View message, View point, View signature) const;

    // Curves are values: certificates and trust points copy them.
    Curve(const Curve& other) : group_(EC_GROUP_dup(other.group_.get())) {}
    Curve& operator=(const Curve& other) {
        if (this != &other) group_.reset(EC_GROUP_dup(other.group_.get()));
        return *this;
    }
    Curve(Curve&&) noexcept = default;
    Curve& operator=(Curve&&) noexcept = default;
    ~Curve() = default;

  private:
    struct FreeGroup {
        void operator()(EC_GROUP* group) const { EC_GROUP_free(group); }
    };
    explicit Curve(EC_GROUP* group) : group_(group) {}
    std::unique_ptr<EC_GROUP, FreeGroup> group_;
};

struct KeyPair {
    Bytes scalar;
    Bytes point;
};
[[nodiscard]] KeyPair generate_key(const Curve& curve);
[[nodiscard]] KeyPair key_from_scalar(const Curve& curve, View scalar);
/// The same key for the same label and seed, for ever.
[[nodiscard]] KeyPair deterministic_key(const Curve& curve, std::string_view label, View seed);

}  // namespace card
