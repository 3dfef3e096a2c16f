// SPDX-License-Identifier: EUPL-1.2
// What is on a stick, without its content: for the technician's tool, and for a look before an
// import. Reads every listed file to compare it, keeps none. One thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sync/courier/folder_reader.hpp"

namespace courier {

struct FileProblem {
    FileName name;
    base::Error error;
};
struct FolderView {
    Folder folder;
    std::optional<base::Error> error;  ///< no manifest that can be used; then nothing below counts
    std::size_t files = 0;
    std::uint64_t bytes = 0;
    std::optional<OutManifest> out;  ///< without its files; outwards only
    std::vector<Refusal> refused;    ///< inwards only
    std::vector<FileProblem> problems;
    std::size_t unlisted = 0;  ///< names that the manifest does not name
};
struct Overview {
    std::vector<FolderView> folders;  ///< outwards first, terminals ascending
    std::size_t foreign = 0;          ///< folders that are no terminal's
    bool downstream = false;          ///< there are signed files for every terminal
};
/// errors  those of terminals_on. What is wrong with one terminal's folder stands in its view.
base::Result<Overview> look_at(port::UsbStore& stick);

}  // namespace courier
