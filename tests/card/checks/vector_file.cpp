// SPDX-License-Identifier: EUPL-1.2
// Reading known answers: see vector_file.hpp.
#include "tests/card/checks/vector_file.hpp"

#include <sstream>

namespace card {
namespace {

std::string path_of(const std::string& name) {
    return std::string(FREIGABE_SOURCE_DIR "/tests/vectors/") + name;
}

}  // namespace

std::map<std::string, Bytes> read_vectors(const std::string& name) {
    std::map<std::string, Bytes> values;
    const auto content = read_file(path_of(name));
    std::istringstream lines(content ? to_text(*content) : "");
    for (std::string line; std::getline(lines, line);) {
        const std::size_t equals = line.find(" = ");
        if (line.empty() || line[0] == '#' || equals == std::string::npos) continue;
        const auto value = from_hex(line.substr(equals + 3));
        if (value) values[line.substr(0, equals)] = *value;
    }
    return values;
}

Bytes read_hex_vector(const std::string& name) {
    const auto content = read_file(path_of("cvc/" + name));
    return content ? from_hex(to_text(*content)).value_or(Bytes{}) : Bytes{};
}

}  // namespace card
