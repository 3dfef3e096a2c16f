// SPDX-License-Identifier: EUPL-1.2
// Our reader and writer of declarations as a filter: for each line of JSON the text that we write
// of it, or an empty line for one that is refused (declaration_schema_test.py).
#include <iostream>
#include <string>

#include "sync/model/declaration_json.hpp"

int main() {
    for (std::string line; std::getline(std::cin, line);) {
        const auto read = model::parse_declaration(line);
        if (read) std::cout << model::encode(*read).value();
        std::cout << '\n';
    }
}
