// SPDX-License-Identifier: EUPL-1.2
// The catalogue on the device: catalogue.jws beside the mark of the highest one ever activated, so
// that an older file cannot be slipped back in. UI thread at start.
#pragma once

#include <cstdint>
#include <filesystem>

#include "drivers/base/result.hpp"
#include "kiosk/consent/catalogue.hpp"
#include "sync/downstream/trust.hpp"
#include "sync/model/declaration.hpp"

namespace runtime {

struct ActiveCatalogue {
    consent::Catalogue catalogue;
    model::Digest hash{};  ///< of the exact bytes of catalogue.json
};

/// Verifies a signed catalogue against the mark in `folder`, moves the mark, and logs it.
/// errors  file_io, those of downstream::verify_catalogue, catalogue_bad.
base::Result<ActiveCatalogue> activate_catalogue(const std::filesystem::path& folder,
                                                 base::ByteView file,
                                                 const downstream::Trust& trust,
                                                 std::uint64_t floor_ms);
/// The same with folder/catalogue.jws, the one of enrolment.
base::Result<ActiveCatalogue> activate_catalogue(const std::filesystem::path& folder,
                                                 const downstream::Trust& trust,
                                                 std::uint64_t floor_ms);

}  // namespace runtime
