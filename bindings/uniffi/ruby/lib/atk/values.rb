# frozen_string_literal: true

module Atk
  # What the records that operations return, and events, can do besides.
  module Value
    # The fields by name, also those of the records within: what `JSON.generate` takes.
    def to_h = fields.to_h { |name, value| [name, Value.plain(value)] }

    def inspect = "#<#{self.class.name} #{fields.map { |name, value| "#{name}=#{value.inspect}" }.join(' ')}>"

    def eql?(other) = other.instance_of?(self.class) && self == other

    def hash = fields.hash

    # A record as a hash, also within a list or a hash.
    def self.plain(value)
      case value
      when Value then value.to_h
      when Array then value.map { |one| plain(one) }
      when Hash then value.transform_values { |one| plain(one) }
      else value
      end
    end

    private

    def fields = instance_variables.to_h { |name| [name.to_s.delete_prefix('@').to_sym, instance_variable_get(name)] }
  end

  # What is generated has a number for each choice. Here it is a symbol: `:up_to_date`.
  module Choices
    class << self
      def name_symbols(kind)
        kind.constants(false).each do |name|
          kind.send(:remove_const, name)
          kind.const_set(name, name.to_s.downcase.to_sym)
        end
      end

      # Whether a generated class has nothing but numbers.
      def kind?(kind)
        numbers = kind.constants(false).map { |name| kind.const_get(name) }
        own = kind.instance_methods(false) + kind.singleton_methods(false)
        own.empty? && !numbers.empty? && numbers.all?(Integer)
      end
    end
  end

  generated = constants.map { |name| const_get(name) }.select { |kind| kind.instance_of?(Class) && kind.superclass == Object }
  generated.each do |kind|
    takes_fields = kind.instance_method(:initialize).parameters.any? { |sort, _| sort == :keyreq }
    kind.include(Value) if takes_fields
    Choices.name_symbols(kind) if Choices.kind?(kind)
  end
  [Event, Source].each { |union| union.constants.each { |name| union.const_get(name).include(Value) } }

  # What a command of a plugin wrote. `chunk` are the bytes.
  class Event::OUTPUT
    # The bytes as text; what is not UTF-8, as a character that was cut, is replaced.
    def text = chunk.dup.force_encoding(Encoding::UTF_8).scrub
  end

  # The configuration of an MCP server: what an agent's configuration file has below its name.
  class McpConfig
    # The parts that there are, by the names of the file.
    def to_h = super.transform_keys(kind: :type).reject { |_, value| value.nil? || value == {} }
  end
end
