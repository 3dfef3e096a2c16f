// SPDX-License-Identifier: EUPL-1.2
// mbedTLS handles for curve arithmetic, shared by ec.cpp, ecdsa.cpp and key_file.cpp only.
// An mbedTLS call that fails for lack of memory or by our mistake is a CHECK; bad outside input is
// a Result.
#pragma once

#include <mbedtls/bignum.h>
#include <mbedtls/ecp.h>

#include "drivers/base/handle.hpp"
#include "drivers/crypto/ec.hpp"

namespace crypto {

using Mpi = base::Pinned<mbedtls_mpi, mbedtls_mpi_init, mbedtls_mpi_free>;
using EcPoint = base::Pinned<mbedtls_ecp_point, mbedtls_ecp_point_init, mbedtls_ecp_point_free>;

/// A loaded named curve.
class EcGroup {
  public:
    explicit EcGroup(Curve curve);
    [[nodiscard]] mbedtls_ecp_group* get() { return group_.get(); }

  private:
    base::Pinned<mbedtls_ecp_group, mbedtls_ecp_group_init, mbedtls_ecp_group_free> group_;
};

[[nodiscard]] mbedtls_ecp_group_id group_id(Curve curve);
[[nodiscard]] std::optional<Curve> curve_of_group(mbedtls_ecp_group_id id);
/// Unsigned big-endian bytes of `value`, zero-padded to `size`.
[[nodiscard]] base::Bytes to_bytes(const mbedtls_mpi& value, std::size_t size);
void read_mpi(Mpi& out, base::ByteView bytes);
/// Loads a Point that was checked before.
void load_point(EcGroup& group, EcPoint& out, const Point& point);
[[nodiscard]] Point store_point(EcGroup& group, Curve curve, EcPoint& point);

}  // namespace crypto
