// SPDX-License-Identifier: EUPL-1.2
// The files of www/agency and www/check as they stand in the binary; the build makes page_files.cpp
// from them. Pure.
#pragma once

#include <span>
#include <string_view>

namespace backend {

struct PageFile {
    std::string_view name;
    std::string_view media_type;
    std::string_view content;
};
/// The case worker's page.
[[nodiscard]] std::span<const PageFile> page_files();
/// The parts of the page that checks slips; service/page_check.cpp puts them together.
[[nodiscard]] std::span<const PageFile> check_page_files();

}  // namespace backend
